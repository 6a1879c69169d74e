namespace Container.Engine.Storage;

/// <summary>What takes space.</summary>
public enum StorageType
{
    /// <summary>What containers wrote, and their logs.</summary>
    Container,

    /// <summary>The layers of images.</summary>
    Image,

    /// <summary>The content of volumes.</summary>
    Volume,
}
