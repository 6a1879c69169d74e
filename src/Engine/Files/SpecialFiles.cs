using Container.Engine.Errors;
using Container.Native.Files;

namespace Container.Engine.Files;

/// <summary>
/// What gives rights to whoever comes by it: set-user-ID and set-group-ID programs, device nodes, attributes that are not
/// user.*. It leaves the store only where that was asked for: what the root of a container made is on the host what the
/// host's root made.
/// </summary>
internal sealed class SpecialFiles(bool kept)
{
    private const uint SetIds = 0xC00;
    private bool isSaid;

    /// <summary>Whether the file may cross at all; that it does not is said once.</summary>
    public bool Admits(FileMetadata metadata, string path)
    {
        if (kept || metadata.Kind is not (FileKind.CharacterDevice or FileKind.BlockDevice)) return true;
        Say(path);
        return false;
    }

    /// <summary>The mode it crosses with. Of a directory the bits pass on a group, and no rights.</summary>
    public uint Mode(FileMetadata metadata, string path)
    {
        if (kept || metadata.Kind == FileKind.Directory || (metadata.Mode & SetIds) == 0) return metadata.Mode;
        Say(path);
        return metadata.Mode & ~SetIds;
    }

    /// <summary>The attributes it crosses with.</summary>
    public KeyValuePair<string, byte[]>[] Attributes(RootDirectory root, string path)
    {
        KeyValuePair<string, byte[]>[] all = FileXattrs.Read(root, path);
        if (kept) return all;
        KeyValuePair<string, byte[]>[] plain =
            [.. all.Where(static xattr => xattr.Key.StartsWith("user.", StringComparison.Ordinal))];
        if (plain.Length < all.Length) Say(path);
        return plain;
    }

    private void Say(string path)
    {
        if (isSaid) return;
        isSaid = true;
        EngineWarning.Say(
            $"Set-user-ID bits, devices and security attributes are left out, as of '{path}': -IncludeSpecial keeps them.");
    }
}
