using Container.Engine.Files;
using Container.Native.Files;

namespace Container.Engine.Images.Archives;

/// <summary>One entry of a tar archive, its extended headers applied.</summary>
internal sealed record TarEntry
{
    public required TarEntryKind Kind { get; init; }

    /// <summary>The name as the archive has it; bytes that are no UTF-8 as in <c>PathText</c>.</summary>
    public required string Name { get; init; }

    public string LinkName { get; init; } = string.Empty;

    public uint Mode { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Length of the file, holes included.</summary>
    public long Size { get; init; }

    public FileTime ModifiedAt { get; init; }

    public uint Major { get; init; }

    public uint Minor { get; init; }

    public IReadOnlyList<KeyValuePair<string, byte[]>> Xattrs { get; init; } = [];

    /// <summary>Where the data of a sparse file goes; null for one without holes.</summary>
    public IReadOnlyList<FileSegment>? Segments { get; init; }
}
