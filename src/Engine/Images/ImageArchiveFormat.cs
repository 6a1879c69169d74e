namespace Container.Engine.Images;

/// <summary>How images are laid out in files.</summary>
public enum ImageArchiveFormat
{
    /// <summary>A tar archive of an OCI layout.</summary>
    OciArchive,

    /// <summary>A directory in the OCI image layout.</summary>
    OciLayout,

    /// <summary>The archive of <c>docker save</c>.</summary>
    DockerArchive,
}
