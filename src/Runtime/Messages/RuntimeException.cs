namespace Container.Runtime.Messages;

/// <summary>Something the caller asked for that cannot be; the message is the whole line for the user.</summary>
internal sealed class RuntimeException(string message) : Exception(message);
