namespace Container.Engine.Images;

/// <summary>The value of the specification's sets, which are objects with empty objects.</summary>
public sealed record ImageEmptyObject;
