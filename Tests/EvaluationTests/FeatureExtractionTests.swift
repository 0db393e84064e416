import Evaluation
import Kernels
import Testing

@Suite struct FeatureExtractionTests {
  func batch(_ values: [Float], _ labels: [Int]?) -> FeatureExtraction.Batch {
    (Tensor(values, shape: [values.count, 1, 1, 1]), labels)
  }
  func model(_ images: Tensor) -> Tensor {
    Tensor(images.values.flatMap { [$0, $0 * 10] }, shape: [images.shape[0], 2])
  }

  @Test func joinsBatchesOfAnySizeInOrder() throws {
    let features = try FeatureExtraction.features(
      of: [batch([1, 2, 3], [0, 1, 2]), batch([4], [3])], model: model)
    #expect(features.values == SyntheticFeatures.matrix([[1, 10], [2, 20], [3, 30], [4, 40]]))
    #expect(features.labels == [0, 1, 2, 3])
    #expect(features.rows([3, 0]).values == SyntheticFeatures.matrix([[4, 40], [1, 10]]))
    #expect(features.rows([3, 0]).labels == [3, 0])
  }

  @Test func imagesWithoutLabels() throws {
    let features = try FeatureExtraction.features(of: [batch([1, 2], nil)], model: model)
    #expect(features.labels.isEmpty && !features.isLabelled && features.count == 2)
  }

  @Test func refusesWhatDoesNotFit() {
    #expect { try FeatureExtraction.features(of: [FeatureExtraction.Batch](), model: model) } throws: {
      "\($0)" == "feature extraction: there are no images"
    }
    #expect { try FeatureExtraction.features(of: [batch([1], [0]), batch([2], nil)], model: model) } throws: {
      "\($0)".contains("some batches have labels and some have none")
    }
    #expect { try FeatureExtraction.features(of: [batch([1, 2], [0])], model: model) } throws: {
      "\($0)".contains("1 labels for a batch of 2")
    }
    #expect { try FeatureExtraction.features(of: [batch([1], nil)]) { $0 } } throws: {
      "\($0)".contains("the model gave 1×1×1×1 for 1 images")
    }
    #expect { try FeatureExtraction.features(of: [batch([1], [-1])], model: model) } throws: {
      "\($0)".contains("label -1 of sample 0 is negative")
    }
  }
}
