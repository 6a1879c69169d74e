namespace Container.Engine.Images;

/// <summary>How far an import is.</summary>
/// <param name="Activity">What is being done.</param>
/// <param name="Bytes">Bytes of the archive read so far.</param>
/// <param name="TotalBytes">Bytes of the archive; 0 where that is not known.</param>
/// <param name="Entries">Files made so far.</param>
public readonly record struct ImageProgress(string Activity, long Bytes, long TotalBytes, long Entries);
