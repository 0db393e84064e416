import RecipeLanguage

/// What can be wrong with a recipe that is right in itself: findings of the plan and of the run.
public enum PlanCode {
  public static let data = DiagnosticCode(
    "E1001", "the images cannot be used",
    "A file or folder that the recipe names is missing, damaged, or not what the constructor reads. Paths are relative "
      + "to the recipe file. The message says what was found; nothing was started.",
    example: """
      recipe r from base {
        data.source = idx("trian-images", labels: "train-labels", test_images: "test-images", test_labels: "test-labels")
      }
      """,
    corrected: """
      recipe r from base {
        data.source = idx("train-images", labels: "train-labels", test_images: "test-images", test_labels: "test-labels")
      }
      """)
  public static let labels = DiagnosticCode(
    "E1002", "labels are needed",
    "`long_tail`, `limit` and every probe need to know the class of each image. A folder has classes when it is read "
      + "with `labels: .subfolders`; IDX images when `labels:` names a file.",
    example: """
      recipe r from base {
        data.source = idx("train-images").long_tail(imbalance: 4)
      }
      """,
    corrected: """
      recipe r from base {
        data.source = idx("train-images", labels: "train-labels", test_images: "test-images", test_labels: "test-labels")
          .long_tail(imbalance: 4)
      }
      """)
  public static let wholeSteps = DiagnosticCode(
    "E1003", "not a whole number of epochs",
    "Training is cut into epochs: its length, the interval of a probe and the start of GH have to be whole epochs. A "
      + "length in steps or images is fine when it comes to whole epochs of these images and this batch.",
    example: """
      recipe r from base {
        length = 5step
      }
      """,
    corrected: """
      recipe r from base {
        length = 5ep
      }
      """)
  public static let schedule = DiagnosticCode(
    "E1004", "a schedule does not fit the run",
    "The segments of a schedule follow one another without a gap from the start of the run to its end. Write the last "
      + "segment without `until:` and `over:` to let it reach the end.",
    example: """
      recipe r from base {
        optimizer.lr = ramp(0.001 -> 0.1, until: 5step)
      }
      """,
    corrected: """
      recipe r from base {
        optimizer.lr = ramp(0.001 -> 0.1, until: 5step) then hold(0.1)
      }
      """)
  public static let dimension = DiagnosticCode(
    "E1005", "projector and structure differ",
    "GH compares embeddings with the vectors of its structure, so `mlp(output: …)` and `dimension: …` have to be equal.",
    example: """
      recipe r from base {
        method.gh.structure.dimension = 16
      }
      """,
    corrected: """
      recipe r from base {
        method.gh.structure.dimension = 16
        model.projector.output = 16
      }
      """)
  public static let start = DiagnosticCode(
    "E1006", "GH would never begin",
    "`starts` lies at or behind the end of the run, so that the term would take no part.",
    example: """
      recipe r from base {
        length = 4ep
        method.gh.starts = 4ep
      }
      """,
    corrected: """
      recipe r from base {
        length = 4ep
        method.gh.starts = 2ep
      }
      """)
  public static let batch = DiagnosticCode(
    "E1007", "the batch does not fit the images",
    "The contrastive loss compares the images of a batch; an epoch needs at least one batch of two images. With "
      + "`last: .drop` a batch larger than the training set leaves none.",
    example: """
      recipe r from base {
        data.batch = 64
        data.last = .drop
      }
      """,
    corrected: """
      recipe r from base {
        data.batch = 8
        data.last = .drop
      }
      """)
  public static let order = DiagnosticCode(
    "E1008", "not an order of the classes",
    "`order` lists every class of the source once, as numbers from 0, from the largest to the smallest.",
    example: """
      recipe r from base {
        data.source.order = [0, 1]
      }
      """,
    corrected: """
      recipe r from base {
        data.source.order = [2, 0, 1]
      }
      """)
  public static let evaluation = DiagnosticCode(
    "E1010", "nothing to measure with",
    "A probe learns on labelled training images and is measured on labelled test images; both have to be there, and the "
      + "training images of two classes at least.",
    example: """
      recipe r from base {
        data.source = idx("train-images", labels: "train-labels")
      }
      """,
    corrected: """
      recipe r from base {
        data.source = idx("train-images", labels: "train-labels")
        evaluate = none
      }
      """)
  public static let stages = DiagnosticCode(
    "E1036", "stages that do not fit",
    "`dnc` trains a base model, an expert for each cluster of the images, and one network from them all. Each stage takes a "
      + "share of `length`, which has to come to whole epochs, and each cluster needs images.",
    example: """
      recipe r from base {
        length = 6ep
        method = dnc(simclr(), clusters: 2)
      }
      """,
    corrected: """
      recipe r from base {
        length = 8ep
        method = dnc(simclr(), clusters: 2)
      }
      """)
  public static let purpose = DiagnosticCode(
    "E1011", "an interval of the wrong kind",
    "`evaluate = every(20ep, linear_probe())` needs a probe; `checkpoint = every(200ep)` takes none.",
    example: """
      recipe r from base {
        checkpoint = every(2ep, linear_probe())
      }
      """,
    corrected: """
      recipe r from base {
        checkpoint = every(2ep)
      }
      """)
  public static let model = DiagnosticCode(
    "E1012", "the model cannot be built",
    "The network does not fit the images: too many stages for their size, or a width that makes no layer.")
  public static let classes = DiagnosticCode(
    "W1014", "more vectors than images in a batch",
    "Surrogate labels are allotted within a batch. With more vectors than images many get no image at all, and labels "
      + "say little; a larger batch or fewer `classes` is usual.",
    example: """
      recipe r from base {
        data.batch = 8
        method.gh.structure.classes = 9
      }
      """,
    corrected: """
      recipe r from base {
        data.batch = 8
        method.gh.structure.classes = 3
      }
      """, severity: .warning)
  public static let smallEpoch = DiagnosticCode(
    "W1015", "an epoch is a single, smaller batch",
    "There are fewer training images than a batch takes, so that every epoch is one step on all of them. The run works; "
      + "a smaller `batch` gives more steps an epoch.",
    example: """
      recipe r from base {
        data.batch = 64
      }
      """,
    corrected: """
      recipe r from base {
        data.batch = 8
      }
      """, severity: .warning)
  public static let probeRates = DiagnosticCode(
    "E1016", "a probe's rate that would grow",
    "A linear probe's rate falls from `lr` to `final_lr`; the second may not be above the first.",
    example: """
      recipe r from base {
        evaluate = linear_probe(lr: 0.001, final_lr: 0.01)
      }
      """,
    corrected: """
      recipe r from base {
        evaluate = linear_probe(lr: 0.01, final_lr: 0.001)
      }
      """)
  public static let neighbours = DiagnosticCode(
    "E1017", "more neighbours than images",
    "A probe by nearest neighbours looks for `k` (or `neighbours`) images among those it learns from; there have to be "
      + "as many.",
    example: """
      recipe r from base {
        evaluate = nearest_neighbours(1000)
      }
      """,
    corrected: """
      recipe r from base {
        evaluate = nearest_neighbours(5)
      }
      """)

  public static let shots = DiagnosticCode(
    "E1034", "more shots than a class has images",
    "A few-shot probe draws as many images of each class, so `shots` is at most the size of the smallest class it draws from: "
      + "of the training split before `long_tail`, or with `train: .training` of the long-tailed images.",
    example: """
      recipe r from base {
        evaluate = linear_probe(shots: 100)
      }
      """,
    corrected: """
      recipe r from base {
        evaluate = linear_probe(shots: 5)
      }
      """)

  public static let alignment = DiagnosticCode(
    "E1018", "vectors that cannot be aligned",
    "`align: .centres` turns the vectors of a structure to the k-means centres of the embeddings when GH starts. There have "
      + "to be embeddings by then, so GH starts after one epoch at least, and as many images as vectors.",
    example: """
      recipe r from base {
        method.gh.align = .centres
        method.gh.starts = 0ep
      }
      """,
    corrected: """
      recipe r from base {
        method.gh.align = .centres
        method.gh.starts = 2ep
      }
      """)
  public static let prior = DiagnosticCode(
    "E1019", "a prior that is not known",
    "`true_prior()` gives the true class shares to the vectors, the largest to the one that wins most images, and so needs "
      + "as many vectors as classes. It uses labels, which training otherwise never sees: it is there to compare with.",
    example: """
      recipe r from base {
        method.gh.prior = true_prior()
        method.gh.structure.classes = 5
      }
      """,
    corrected: """
      recipe r from base {
        method.gh.prior = true_prior()
        method.gh.structure.classes = 3
      }
      """)
  public static let boost = DiagnosticCode(
    "W1013", "a method that does nothing",
    "`bcl` weighs each image at the end of an epoch, by its running loss; the views of the next epoch follow the weights. "
      + "The first epoch's views are plain, so a run of one epoch is one of the method inside.",
    example: """
      recipe r from base {
        length = 1ep
        method = bcl(simclr())
        optimizer = sgd(lr: 0.1)
        evaluate = linear_probe(epochs: 1)
      }
      """,
    corrected: """
      recipe r from base {
        length = 2ep
        method = bcl(simclr())
        optimizer = sgd(lr: 0.1)
        evaluate = linear_probe(epochs: 1)
      }
      """, severity: .warning)

  public static let kind = DiagnosticCode(
    "E1033", "for points, or for pictures",
    "`blobs` gives points: they take `.noise(…)` for views, `perceptron(…)` for a network, and methods that prune no "
      + "convolutions and disturb no pictures. All other sources give pictures, with `.simclr(…)` and a `resnet`.",
    example: """
      recipe r from base {
        data.augment = .noise(deviation: 0.1)
      }
      """,
    corrected: """
      recipe r from base {
        data.augment = .simclr(size: 12)
      }
      """)
  public static let circle = DiagnosticCode(
    "E1035", "embeddings that are on no circle",
    "`circle_shares` measures directions in the plane, so embeddings have to have two numbers.",
    example: """
      recipe r from base {
        evaluate = circle_shares()
      }
      """,
    corrected: """
      recipe r from base {
        evaluate = circle_shares()
        model.projector.output = 2
        method.gh.structure.dimension = 2
      }
      """)

  // MARK: While training

  public static let training = DiagnosticCode(
    "E1020", "training stopped",
    "A number is not finite any more. The usual causes are a rate that is too high or a temperature that is too low. The "
      + "state and the images of the step are saved in the folder of the checkpoints.")
  public static let lostData = DiagnosticCode(
    "E1021", "images could not be read while training",
    "A file that was there when the run was planned is missing now, or cannot be decoded. Files are looked at before "
      + "anything starts, so it was moved or changed since. Nothing that was saved is lost: put it back and go on with "
      + "--resume.")
  public static let convergence = DiagnosticCode(
    "E1022", "Sinkhorn did not converge",
    "`sinkhorn(require_convergence: true)` asks that surrogate labels meet the class prior within `tolerance` in at most "
      + "`iterations`; in this step they did not. More iterations or a larger `lambda` help; a large tolerance accepts "
      + "labels that are further from the prior.",
    example: """
      recipe r from base {
        method.gh.sinkhorn = sinkhorn(iterations: 1, tolerance: 1e-9, require_convergence: true)
      }
      """,
    corrected: """
      recipe r from base {
        method.gh.sinkhorn = sinkhorn(iterations: 1000, tolerance: 0.1, require_convergence: true)
      }
      """)
  public static let diskFull = DiagnosticCode(
    "E1023", "the disk is full",
    "A checkpoint or the log could not be written. The last checkpoint before is whole and stays. Free some space, or "
      + "keep fewer checkpoints, then go on with --resume. `harmonia plan` says how much a run will write.")
  public static let checkpoint = DiagnosticCode(
    "E1024", "a checkpoint cannot be used",
    "The state to go on from is damaged, or belongs to other settings. Put a kept checkpoint in its place, or delete it "
      + "to train the recipe anew.")
  public static let stopped = DiagnosticCode(
    "E1026", "a run stopped",
    "A file of the run could not be read or written, or a kernel refused its input; the message is the system's. What was "
      + "saved before stays: mend the cause, then go on with --resume.")
  public static let otherRecipe = DiagnosticCode(
    "E1025", "the folder holds a run of another recipe",
    "A run goes on only as what it was started as: its bits would be those of no recipe otherwise. The fields that "
      + "differ are listed. Only `length` may grow, if no schedule's past changes: the value of each at every step up to "
      + "the checkpoint has to be the same to the last bit, and what was measured and kept on the way has to be what the "
      + "longer run would have measured and kept.")

  public static let otherImages = DiagnosticCode(
    "E1037", "the folder holds a run of other images",
    "A run goes on only with the images it was started with: the same names, contents, classes and order, for training, probes "
      + "and tests; where their folder lies does not matter. What has been added, removed, renamed or changed since is "
      + "listed. Nothing was touched.")

  // MARK: The machine

  public static let memory = DiagnosticCode(
    "W1030", "more memory than the machine has",
    "The estimate of a run's memory is above what this machine has, so it will be slow or be stopped by the system. "
      + "Memory grows with the batch, the size of the views and the width of the network.", severity: .warning)
  public static let disk = DiagnosticCode(
    "W1031", "more files than the disk has room for",
    "Checkpoints that are kept, the log and the results together are estimated larger than what is free where runs are "
      + "put.", severity: .warning)
  public static let runsFolder = DiagnosticCode(
    "E1032", "runs cannot be written",
    "The folder in which the run would be put cannot be made or written into. Nothing was started.")

  // MARK: Tables

  public static let table = DiagnosticCode(
    "E1040", "a table of something that is not there",
    "`pivot`, `mean` and `std` take the name of an axis of the sweep, and a score: `average`, `many`, `medium`, `few`, "
      + "`std`, `top1`, `knn`, `inter_class`, `neighbourhood`, `least_share` or `loss`; that of a further probe as "
      + "`linear_probe_100shot.average`. Tasks are tried out on results without numbers before the first run, so that a "
      + "misspelt name is found then and not after hours.")

  public static let all = [
    data, labels, wholeSteps, schedule, dimension, start, batch, order, evaluation, purpose, model, classes,
    smallEpoch, probeRates, neighbours, shots, alignment, prior, boost, training, lostData, convergence, diskFull,
    checkpoint, otherRecipe, otherImages, stopped, memory, disk, runsFolder, table, kind, circle, stages,
  ]
}
