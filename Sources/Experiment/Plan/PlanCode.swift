import RecipeLanguage

/// What can be wrong with a recipe that is right in itself: findings of the plan and of the run.
public enum PlanCode {
  public static let data = DiagnosticCode(
    "E1001", "the images cannot be used",
    "A file or folder that the recipe names is missing, damaged, or not what the constructor reads. Paths are relative "
      + "to the recipe file. The message says what was found; nothing was started.")
  public static let labels = DiagnosticCode(
    "E1002", "labels are needed",
    "`long_tail`, `limit` and every probe need to know the class of each image. A folder has classes when it is read "
      + "with `labels: .subfolders`; IDX images when `labels:` names a file.")
  public static let wholeSteps = DiagnosticCode(
    "E1003", "not a whole number of epochs",
    "Training is cut into epochs: its length, the interval of a probe and the start of GH have to be whole epochs. A "
      + "length in steps or images is fine when it comes to whole epochs of these images and this batch.")
  public static let schedule = DiagnosticCode(
    "E1004", "a schedule does not fit the run",
    "The segments of a schedule follow one another without a gap from the start of the run to its end. Write the last "
      + "segment without `until:` and `over:` to let it reach the end.")
  public static let dimension = DiagnosticCode(
    "E1005", "projector and structure differ",
    "GH compares embeddings with the vectors of its structure, so `mlp(output: …)` and `dimension: …` have to be equal."
  )
  public static let start = DiagnosticCode(
    "E1006", "GH would never begin",
    "`starts` lies at or behind the end of the run, so that the term would take no part.")
  public static let batch = DiagnosticCode(
    "E1007", "the batch does not fit the images",
    "The contrastive loss compares the images of a batch; an epoch needs at least one batch of two images. With "
      + "`last: .drop` a batch larger than the training set leaves none.")
  public static let order = DiagnosticCode(
    "E1008", "not an order of the classes",
    "`order` lists every class of the source once, as numbers from 0, from the largest to the smallest.")
  public static let groups = DiagnosticCode(
    "E1009", "an empty group of classes",
    "Many, medium and few are compared; with `.thirds` there have to be three classes at least, with `.counts` some "
      + "above 100 images, some from 20 to 100 and some below 20.")
  public static let evaluation = DiagnosticCode(
    "E1010", "nothing to measure with",
    "A probe learns on labelled training images and is measured on labelled test images; both have to be there.")
  public static let purpose = DiagnosticCode(
    "E1011", "an interval of the wrong kind",
    "`evaluate = every(20ep, linear_probe())` needs a probe; `checkpoint = every(200ep)` takes none.")
  public static let model = DiagnosticCode(
    "E1012", "the model cannot be built",
    "The network does not fit the images: too many stages for their size, or a width that makes no layer.")
  public static let images = DiagnosticCode(
    "E1013", "images of different channels or sizes",
    "All images of a source have to have the same number of channels as the network expects.")
  public static let classes = DiagnosticCode(
    "W1014", "more vectors than images in a batch",
    "Surrogate labels are allotted within a batch. With more vectors than images many get no image at all, and labels "
      + "say little; a larger batch or fewer `classes` is usual.", severity: .warning)
  public static let training = DiagnosticCode(
    "E1020", "training stopped",
    "A number is not finite any more. The usual causes are a rate that is too high or a temperature that is too low. The "
      + "state and the images of the step are saved in the folder of the checkpoints.")

  public static let all = [
    data, labels, wholeSteps, schedule, dimension, start, batch, order, groups, evaluation, purpose, model, images,
    classes, training,
  ]
}
