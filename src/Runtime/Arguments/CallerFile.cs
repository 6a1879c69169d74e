using Container.Native.Oci.Documents;
using Container.Native.Syscalls;

namespace Container.Runtime.Arguments;

/// <summary>Documents the caller gives: a file, a pipe such as a shell's <c>&lt;(…)</c>, or - for standard input.</summary>
internal static class CallerFile
{
    /// <summary>All of it.</summary>
    public static byte[] Read(string path)
    {
        if (path != "-")
        {
            using FileDescriptor file = FileCalls.Open(path, FileCalls.O_RDONLY | FileCalls.O_NOCTTY);
            return FileCalls.ReadAll(file, OciDocument.MaxLength, path);
        }

        FileDescriptor input = new(0);
        try
        {
            return FileCalls.ReadAll(input, OciDocument.MaxLength, "standard input");
        }
        finally
        {
            // Standard input was there before us.
            input.Detach();
        }
    }
}
