using Container.Engine;

namespace Container.Cmdlets.Completion;

/// <summary>Completes what can be mounted: volumes by their names, and host paths as PowerShell does.</summary>
public sealed class VolumeCompleter : CompleterBase
{
    private protected override bool IsForPowerShell(string word) =>
        word is ['/' or '.' or '~', ..] && !word.Contains(':', StringComparison.Ordinal);

    internal override IEnumerable<Candidate> Find(ContainerEngine engine, CompletionRequest request) =>
        engine.Volumes.List().Select(volume => new Candidate(volume.Name + ":", volume.Path));
}
