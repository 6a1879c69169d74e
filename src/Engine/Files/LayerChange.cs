namespace Container.Engine.Files;

/// <summary>One change of a container's against its image.</summary>
/// <param name="Path">The absolute path inside.</param>
/// <param name="Kind">What happened to it.</param>
public readonly record struct LayerChange(string Path, ChangeKind Kind);
