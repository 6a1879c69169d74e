using System.Globalization;
using Container.Native.Files;
using Container.Native.Json;
using Container.Native.Oci.Features;
using Container.Native.Oci.Validation;
using Container.Native.Syscalls;

namespace Container.Native.Oci.Documents;

/// <summary>Reads and writes the documents of the runtime specification.</summary>
public static class OciDocument
{
    /// <summary>How deep a document may nest; the specification needs eight levels.</summary>
    public const int MaxDepth = 64;

    /// <summary>How long a document may be: 16 MB; the largest in use have some hundred kilobytes.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>Reads and checks config.json.</summary>
    /// <exception cref="DocumentException">The document does not follow the specification.</exception>
    public static OciSpec ReadSpec(ReadOnlySpan<byte> json)
    {
        OciSpec spec = Read<OciSpec>(json);
        SpecRules.Check(spec);
        return EarlierVersions.Translate(spec);
    }

    /// <summary>Reads a process.json, as exec takes it.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static OciProcess ReadProcess(ReadOnlySpan<byte> json)
    {
        OciProcess process = Read<OciProcess>(json);
        ProcessRules.Check(process, "");
        return process;
    }

    /// <summary>Reads resources, as update takes them.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static OciResources ReadResources(ReadOnlySpan<byte> json)
    {
        OciResources resources = Read<OciResources>(json);
        ResourceRules.Check(resources, "");
        return resources;
    }

    /// <summary>Reads a system-call filter.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static OciSeccomp ReadSeccomp(ReadOnlySpan<byte> json)
    {
        OciSeccomp seccomp = Read<OciSeccomp>(json);
        SeccompRules.Check(seccomp, "seccomp");
        return seccomp;
    }

    /// <summary>Reads the state of a container.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static OciState ReadState(ReadOnlySpan<byte> json) => Read<OciState>(json);

    /// <summary>Reads what a runtime can do.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static OciFeatures ReadFeatures(ReadOnlySpan<byte> json) => Read<OciFeatures>(json);

    /// <summary>Writes config.json.</summary>
    public static byte[] Write(OciSpec spec, bool indented = false) => JsonSink.Document(spec, indented);

    /// <summary>Writes a process.json, as exec takes it.</summary>
    public static byte[] Write(OciProcess process, bool indented = false) => JsonSink.Document(process, indented);

    /// <summary>Writes resources, as update takes them.</summary>
    public static byte[] Write(OciResources resources, bool indented = false) => JsonSink.Document(resources, indented);

    /// <summary>Writes a system-call filter.</summary>
    public static byte[] Write(OciSeccomp seccomp, bool indented = false) => JsonSink.Document(seccomp, indented);

    /// <summary>Writes the state of a container, as hooks receive it.</summary>
    public static byte[] Write(OciState state, bool indented = false) => JsonSink.Document(state, indented);

    /// <summary>Writes what a seccomp listener receives.</summary>
    public static byte[] Write(OciProcessState state, bool indented = false) => JsonSink.Document(state, indented);

    /// <summary>Writes what a runtime can do.</summary>
    public static byte[] Write(OciFeatures features, bool indented = false) => JsonSink.Document(features, indented);

    /// <summary>Reads a file that holds a document: a regular one of at most <see cref="MaxLength"/>.</summary>
    /// <exception cref="DocumentException">It is not such a file.</exception>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    public static byte[] ReadFile(string path)
    {
        // Without O_NONBLOCK a fifo in place of the file would stop us before we see what it is.
        using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY | FileCalls.O_NONBLOCK | FileCalls.O_NOCTTY);
        FileMetadata metadata = file.GetMetadata(path);
        if (metadata.Kind != FileKind.File) throw new DocumentException(null, "not a regular file");
        if (metadata.Size > MaxLength) throw TooLong(metadata.Size);

        // A file of /proc or one that grows has more than its size says.
        return FileCalls.ReadAll(file, MaxLength, path);
    }

    internal static T Read<T>(ReadOnlySpan<byte> json)
        where T : class, IJsonObject<T> =>
        json.Length > MaxLength ? throw TooLong(json.Length) : new JsonSource(json, MaxDepth).Document<T>();

    private static DocumentException TooLong(long length) =>
        new(null, string.Create(CultureInfo.InvariantCulture, $"{length} bytes long, the limit is {MaxLength}"));
}
