namespace Container.Engine.Specs;

/// <summary>Why an OCI configuration cannot be used.</summary>
/// <param name="Path">The JSON path of what is wrong; null where it is the document as a whole.</param>
/// <param name="Message">What is wrong, with the path.</param>
public sealed record SpecProblem(string? Path, string Message);
