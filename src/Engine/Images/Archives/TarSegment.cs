namespace Container.Engine.Images.Archives;

/// <summary>A part of a sparse file that has data.</summary>
internal readonly record struct TarSegment(long Offset, long Length);
