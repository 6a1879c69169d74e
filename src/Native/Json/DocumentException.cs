namespace Container.Native.Json;

/// <summary>A document that does not follow the specification. The message names the JSON path of what is wrong.</summary>
public sealed class DocumentException : Exception
{
    /// <summary>Describes the problem at <paramref name="path"/>.</summary>
    /// <param name="path">The JSON path, such as <c>linux.resources.memory.limit</c>, or null for the whole document.</param>
    /// <param name="message">The whole message.</param>
    public DocumentException(string? path, string message)
        : base(message) => Path = path;

    /// <summary>The JSON path of what is wrong, or null where it is the document as a whole.</summary>
    public string? Path { get; }
}
