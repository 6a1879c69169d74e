using Container.Engine.Errors;
using Container.Native.Syscalls;
using Container.Native.Trust;

namespace Container.Engine.Store;

/// <summary>
/// <see cref="TrustedPath"/> for the engine. Whatever root reads or executes because a setting says so passes here first:
/// configuration, state, the runtime, profiles, and what may follow.
/// </summary>
internal static class HostTrust
{
    /// <summary>Whether the path leads to something; an error where root cannot trust it.</summary>
    public static bool Exists(string path) => Check(static path => TrustedPath.Exists(path), path);

    /// <summary>The same for a directory of ours, which nobody else can make from now on.</summary>
    public static bool Claim(string path) => Check(static path => TrustedPath.Claim(path), path);

    /// <summary>The content of a file of our own state; null where there is none.</summary>
    public static byte[]? Read(string path)
    {
        const int limit = 64 * 1024 * 1024;
        try
        {
            return Check(static path => TrustedFile.Read(path, limit), path);
        }
        catch (EngineException failure) when (failure.Errno == Errno.EACCES)
        {
            throw new EngineException(
                ErrorId.StateDirectoryUnusable, failure.Message, "Run as root.", path, failure);
        }
    }

    /// <summary>Refuses a directory of our own state that is not root's alone.</summary>
    public static void Require(string path) => Check(
        static path =>
        {
            TrustedFile.Require(path);
            return true;
        },
        path);

    private static T Check<T>(Func<string, T> judge, string path)
    {
        try
        {
            return judge(path);
        }
        catch (UntrustedPathException failure)
        {
            throw new EngineException(
                ErrorId.UntrustedPath,
                $"Root does not use '{path}': '{failure.Place}' {failure.Problem}.",
                target: path,
                inner: failure);
        }
        catch (SystemCallException failure)
        {
            throw EngineException.From(failure, path);
        }
    }
}
