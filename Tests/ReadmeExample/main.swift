import Harmonia

// Ten unit vectors at equal angles in 64 dimensions, and 32 embeddings.
let structure = try GeometricStructure(classes: 10, dimension: 64, seed: 0)
var random = CounterRandom(seed: 1, .synthetic)
let embeddings = random.normal(shape: [32, 64])

// Assign them under a long-tailed prior: rows sum to 1, columns to 32 · prior.
let scores = try normalizeRows(matmul(embeddings, structure.vertices, transposeB: true)).rows
let prior = Tensor((0..<10).map { Float(1 << (9 - $0)) / 1023 }, shape: [10])
let labels = try Sinkhorn(.init(lambda: 0.05, iterations: 300))(scores, prior: prior)
print(labels.assignment.shape, labels.marginalError)

// A convolution, planned once: 3×3, N H W C in, K R S C weights.
let convolution = try Convolution(input: [8, 32, 32, 3], outputChannels: 16, kernel: (3, 3), stride: 1, padding: 1)
