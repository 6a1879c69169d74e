using Container.Native.Json;
using Container.Native.Oci;

namespace Container.Runtime.Commands;

/// <summary>The list of mounts that <c>psrun mounts</c> is given, as the member of a document.</summary>
[JsonObject]
internal sealed partial record MountList
{
    public IReadOnlyList<OciMount> Mounts { get; init; } = [];
}
