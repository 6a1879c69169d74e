namespace Container.Engine.Errors;

/// <summary>What the user should know of work that is done nevertheless.</summary>
public static class EngineWarning
{
    private static readonly AsyncLocal<Action<string>?> s_hearer = new();

    /// <summary>Hears what this thread, and those it starts for its work, have to say; on any of them.</summary>
    /// <param name="hear">Gets each as a sentence.</param>
    /// <returns>What ends it.</returns>
    public static IDisposable Hear(Action<string> hear)
    {
        ArgumentNullException.ThrowIfNull(hear);
        Action<string>? before = s_hearer.Value;
        s_hearer.Value = hear;
        return new Hearing(before);
    }

    internal static void Say(string text) => s_hearer.Value?.Invoke(text);

    private sealed class Hearing(Action<string>? before) : IDisposable
    {
        public void Dispose() => s_hearer.Value = before;
    }
}
