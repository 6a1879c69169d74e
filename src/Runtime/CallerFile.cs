using Container.Native.Oci;
using Container.Native.Syscalls;

namespace Container.Runtime;

/// <summary>Documents the caller gives: a file, a pipe such as a shell's <c>&lt;(…)</c>, or - for standard input.</summary>
internal static class CallerFile
{
    /// <summary>All of it.</summary>
    public static byte[] Read(string path)
    {
        if (path != "-")
        {
            using FileDescriptor file = Files.Open(path, Files.O_RDONLY | Files.O_NOCTTY);
            return Files.ReadAll(file, OciDocument.MaxLength, path);
        }

        FileDescriptor input = new(0);
        try
        {
            return Files.ReadAll(input, OciDocument.MaxLength, "standard input");
        }
        finally
        {
            // Standard input was there before us.
            input.Detach();
        }
    }
}
