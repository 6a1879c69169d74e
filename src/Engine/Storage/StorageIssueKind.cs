namespace Container.Engine.Storage;

/// <summary>What is wrong with the state.</summary>
public enum StorageIssueKind
{
    /// <summary>A mount of a container that does not run.</summary>
    MountRemains,

    /// <summary>A container whose monitor was killed.</summary>
    ContainerAbandoned,

    /// <summary>A control group of a container that does not run.</summary>
    CgroupRemains,

    /// <summary>A container that was never finished, or not removed to the end.</summary>
    ContainerRemains,

    /// <summary>A container whose document cannot be read.</summary>
    ContainerDamaged,

    /// <summary>A container whose image or root directory is gone.</summary>
    ContainerImageMissing,

    /// <summary>A name of a container that does not exist.</summary>
    NameRemains,

    /// <summary>A range of user ids of a container that does not exist.</summary>
    IdRangeRemains,

    /// <summary>The names of the images cannot be read.</summary>
    TagsDamaged,

    /// <summary>An image whose documents or layers are missing, or not what they were.</summary>
    ImageDamaged,

    /// <summary>A layer whose files are not what they were.</summary>
    LayerDamaged,

    /// <summary>A layer of no image.</summary>
    LayerRemains,

    /// <summary>A document of no image.</summary>
    BlobRemains,

    /// <summary>A name that leads to no image.</summary>
    TagRemains,

    /// <summary>A volume whose document is missing or cannot be read.</summary>
    VolumeDamaged,

    /// <summary>A secret that was never finished, or not removed to the end.</summary>
    SecretRemains,

    /// <summary>A file of a process that was killed while it wrote.</summary>
    TemporaryFile,
}
