namespace Container.Engine.Catalog;

/// <summary>What one check of a container's health has shown.</summary>
/// <param name="Container">The container as it is after the check.</param>
/// <param name="ExitCode">The exit code; -1 where the check took too long or could not be run.</param>
/// <param name="Output">What it wrote, its beginning.</param>
public sealed record ContainerHealthResult(ContainerRecord Container, int ExitCode, string Output);
