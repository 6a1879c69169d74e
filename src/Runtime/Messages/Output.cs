using System.Text;
using Container.Native.Syscalls;

namespace Container.Runtime.Messages;

/// <summary>Standard output and error by write(2): Console would start a thread.</summary>
internal static class Output
{
    public static void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public static void Write(ReadOnlySpan<byte> text) => FileCalls.WriteAll(1, text, "standard output");

    /// <summary>Writes a line to standard error; nobody can be told when that fails.</summary>
    public static void WriteError(string line)
    {
        try
        {
            FileCalls.WriteAll(2, Encoding.UTF8.GetBytes(line + "\n"), "standard error");
        }
        catch (SystemCallException)
        {
            return;
        }
    }
}
