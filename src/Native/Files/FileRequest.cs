
namespace Container.Native.Files;

/// <summary>What a <see cref="FileAgent"/> asks for; each is the method of <see cref="RootDirectory"/> or
/// <see cref="DescriptorExtensions"/> with that name.</summary>
internal enum FileRequest
{
    Resolve,
    OpenEntry,
    MakeDirectory,
    MakeDirectories,
    Symlink,
    HardLink,
    MakeNode,
    Rename,
    ReadLink,
    ReadStatus,
    SetOwner,
    SetMode,
    SetTimes,
    SetXattr,
    GetXattrs,
    Remove,
    RemoveIfEmpty,
    ReadFileStatus,
    SetFileOwner,
    SetFileMode,
    SetFileTimes,
    SetFileXattr,

    /// <summary>Layers put together, as LayerMount does.</summary>
    OpenLayers,
}
