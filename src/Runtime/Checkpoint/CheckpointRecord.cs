using Container.Native.Files;
using Container.Native.Json;
using Container.Native.Oci.Documents;
using Container.Runtime.Messages;

namespace Container.Runtime.Checkpoint;

/// <summary>What criu's images do not say and restore needs: psrun.json beside them.</summary>
[JsonObject]
internal sealed partial record CheckpointRecord
{
    private const string FileName = "/psrun.json";

    /// <summary>What standard input, output and error were, in criu's words; empty for what is in its images.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Mounts of the host's file systems: target in the container, and what is there.</summary>
    public IReadOnlyDictionary<string, string> Mounts { get; init; } = new Dictionary<string, string>();

    /// <summary>The cgroup.</summary>
    public string? Cgroup { get; init; }

    public static CheckpointRecord Read(CriuPaths paths)
    {
        string file = paths.Images + FileName;
        try
        {
            return new JsonSource(OciDocument.ReadFile(file), OciDocument.MaxDepth).Document<CheckpointRecord>();
        }
        catch (DocumentException failure)
        {
            throw new RuntimeException($"{file}: {failure.Message}");
        }
    }

    public void Write(CriuPaths paths) =>
        AtomicFile.Write(paths.Images + FileName, JsonSink.Document(this, indented: false), flush: false);
}
