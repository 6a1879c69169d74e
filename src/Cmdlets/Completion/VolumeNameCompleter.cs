using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes names of volumes.</summary>
public sealed class VolumeNameCompleter : CompleterBase
{
    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        engine.Volumes.List().Select(volume => new Candidate(volume.Name, volume.Path));
}
