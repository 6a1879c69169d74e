namespace Container.Native.Security;

/// <summary>A filter that could not be compiled for a reason that is not in the profile itself.</summary>
public sealed class SeccompException : Exception
{
    /// <summary>Says what is missing and what to do about it.</summary>
    public SeccompException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
