namespace Container.Engine.Images.Archives;

/// <summary>What a tar entry makes.</summary>
internal enum TarEntryKind
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}
