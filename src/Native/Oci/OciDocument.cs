using System.Globalization;
using Container.Native.Mounts;
using Container.Native.Oci.Json;
using Container.Native.Oci.Validation;
using Container.Native.Syscalls;

namespace Container.Native.Oci;

/// <summary>Reads and writes the documents of the runtime specification and of the monitor.</summary>
public static class OciDocument
{
    /// <summary>How deep a document may nest; the specification needs eight levels.</summary>
    public const int MaxDepth = 64;

    /// <summary>How long a document may be: 16 MB; the largest in use have some hundred kilobytes.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>Reads and checks config.json.</summary>
    /// <exception cref="OciException">The document does not follow the specification.</exception>
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

    /// <summary>Reads monitor.json.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static MonitorRequest ReadMonitorRequest(ReadOnlySpan<byte> json) => Read<MonitorRequest>(json);

    /// <summary>Reads one packet of the monitor's socket.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static MonitorMessage ReadMonitorMessage(ReadOnlySpan<byte> json) => Read<MonitorMessage>(json);

    /// <summary>Reads the monitor's state.json.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static MonitorState ReadMonitorState(ReadOnlySpan<byte> json) => Read<MonitorState>(json);

    /// <summary>Reads one line of the event log.</summary>
    /// <inheritdoc cref="ReadSpec"/>
    public static MonitorEvent ReadMonitorEvent(ReadOnlySpan<byte> json) => Read<MonitorEvent>(json);

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

    /// <summary>Writes monitor.json.</summary>
    public static byte[] Write(MonitorRequest request, bool indented = false) => JsonSink.Document(request, indented);

    /// <summary>Writes one packet of the monitor's socket.</summary>
    public static byte[] Write(MonitorMessage message) => JsonSink.Document(message, indented: false);

    /// <summary>Writes the monitor's state.json.</summary>
    public static byte[] Write(MonitorState state, bool indented = false) => JsonSink.Document(state, indented);

    /// <summary>Writes one line of the event log, without its end.</summary>
    public static byte[] Write(MonitorEvent happened) => JsonSink.Document(happened, indented: false);

    /// <summary>Reads a file that holds a document: a regular one of at most <see cref="MaxLength"/>.</summary>
    /// <exception cref="OciException">It is not such a file.</exception>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    public static byte[] ReadFile(string path)
    {
        // Without O_NONBLOCK a fifo in place of the file would stop us before we see what it is.
        using FileDescriptor file = Files.Open(path, Files.O_RDONLY | Files.O_NONBLOCK | Files.O_NOCTTY);
        FileMetadata metadata = file.GetMetadata(path);
        if (metadata.Kind != FileKind.File) throw new OciException(null, "not a regular file");
        if (metadata.Size > MaxLength) throw TooLong(metadata.Size);

        // A file of /proc or one that grows has more than its size says.
        return Files.ReadAll(file, MaxLength, path);
    }

    private static T Read<T>(ReadOnlySpan<byte> json)
        where T : class, IJsonObject<T> =>
        json.Length > MaxLength ? throw TooLong(json.Length) : new JsonSource(json, MaxDepth).Document<T>();

    private static OciException TooLong(long length) =>
        new(null, string.Create(CultureInfo.InvariantCulture, $"{length} bytes long, the limit is {MaxLength}"));
}
