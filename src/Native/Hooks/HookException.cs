namespace Container.Native.Hooks;

/// <summary>A hook that could not be run, failed or took too long.</summary>
internal sealed class HookException(string message, Exception? inner = null) : Exception(message, inner);
