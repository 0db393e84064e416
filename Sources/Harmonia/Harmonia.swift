// What a Swift user needs, by one import.
@_exported import DataPipeline
@_exported import Evaluation
@_exported import Kernels
@_exported import NeuralNet
@_exported import Objectives
@_exported import TensorFiles
@_exported import Training
