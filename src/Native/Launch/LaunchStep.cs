namespace Container.Native.Launch;

/// <summary>One operation of a plan in words, for messages and for the printed plan.</summary>
/// <param name="Operation">The verb, for example <c>mount</c>.</param>
/// <param name="Subject">What it is done to, for example <c>/proc</c>, or null.</param>
/// <param name="Detail">More for the printed plan, for example <c>proc nosuid,noexec,nodev</c>, or null.</param>
internal sealed record LaunchStep(string Operation, string? Subject, string? Detail)
{
    /// <summary>The detail of a step whose subject is a path of the host.</summary>
    public const string OfHost = "the host's";
}
