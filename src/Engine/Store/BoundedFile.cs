using System.Text;
using Container.Engine.Errors;
using Container.Native.Files;
using Container.Native.Syscalls;

namespace Container.Engine.Store;

/// <summary>Host files that a user names, read up to a limit; nothing but regular files, which never block.</summary>
internal static class BoundedFile
{
    public static byte[] Read(string path, int limit)
    {
        if (path is not ['/', ..]) throw EngineException.Invalid($"'{path}' is not an absolute path.", path);
        try
        {
            using RootDirectory root = RootDirectory.Open("/");
            return root.ReadFile(path, limit);
        }
        catch (SystemCallException exception) when (exception.Errno is not (Errno.EMFILE or Errno.ENFILE))
        {
            throw new EngineException(
                ErrorId.InvalidConfiguration, $"'{path}' cannot be read: {exception.Message}.", null, path, exception);
        }
    }

    public static string ReadText(string path, int limit) => Encoding.UTF8.GetString(Read(path, limit));
}
