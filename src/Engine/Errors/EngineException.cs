using Container.Native.Syscalls;

namespace Container.Engine.Errors;

/// <summary>What the engine throws: one family, told apart by <see cref="Id"/>.</summary>
public sealed class EngineException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="id">One of <see cref="ErrorId"/>.</param>
    /// <param name="message">What happened, as a sentence for the user.</param>
    /// <param name="recommendedAction">What to do about it, where there is something better than what is usual.</param>
    /// <param name="target">The user's input or the object it happened to.</param>
    /// <param name="inner">The cause.</param>
    public EngineException(
        string id, string message, string? recommendedAction = null, object? target = null, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        RecommendedAction = recommendedAction ?? ErrorAdvice.Get(id);
        Target = target;
    }

    /// <summary>One of <see cref="ErrorId"/>.</summary>
    public string Id { get; }

    /// <summary>What to do about it, where there is something.</summary>
    public string? RecommendedAction { get; }

    /// <summary>The user's input or the object it happened to.</summary>
    public object? Target { get; }

    /// <summary>The error number of the system call that failed, where one did.</summary>
    public Errno? Errno { get; init; }

    /// <summary>Whether it says that a state file is damaged or another's: one of many stops no listing.</summary>
    internal bool IsOfState => Id is ErrorId.SpecInvalid or ErrorId.UntrustedPath;

    /// <summary>What is wrong with a configuration, before anything of it exists.</summary>
    internal static EngineException Invalid(string message, object? target = null, string? action = null) =>
        new(ErrorId.InvalidConfiguration, message, action, target);

    /// <summary>Wraps the failure of a system call.</summary>
    public static EngineException From(SystemCallException failure, object? target = null, string? action = null)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new EngineException(ErrorId.SystemCallFailed, failure.Message, action ?? ErrnoAdvice.Get(failure.Errno), target, failure)
        {
            Errno = failure.Errno,
        };
    }
}
