using Container.Native.Json;
using Container.Native.Launch;

namespace Container.Runtime.State;

/// <summary>An operation of the launch plan in words, kept so that start can say what failed.</summary>
[JsonObject]
internal sealed partial record StoredStep
{
    public StoredStep(LaunchStep step)
    {
        Operation = step.Operation;
        Subject = step.Subject;
    }

    public string Operation { get; init; } = "";

    public string? Subject { get; init; }
}
