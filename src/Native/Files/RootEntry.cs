namespace Container.Native.Files;

/// <summary>One entry of a directory.</summary>
/// <param name="Name">Its name; bytes that are no UTF-8 are lone surrogates, which every path here takes back.</param>
/// <param name="Kind">What it is, where the file system says so without asking for its metadata.</param>
public readonly record struct RootEntry(string Name, FileKind Kind);
