using System.Buffers.Text;

namespace Container.Runtime.Monitor;

/// <summary>
/// One line of a log as the container runtime interface words it: <c>TIME stdout F text</c>; <c>P</c> says that the
/// line goes on in the next record of the same stream (kubelet, cri-api, logs.proto).
/// </summary>
internal static class LogRecord
{
    /// <summary>What a record has beside its text.</summary>
    public const int Overhead = TimeLength + 11;

    /// <summary>The length of a time as it is written.</summary>
    public const int TimeLength = 30;

    /// <summary>Writes <paramref name="time"/> with nine decimals; <paramref name="target"/> has
    /// <see cref="TimeLength"/> bytes.</summary>
    public static void WriteTime(DateTime time, Span<byte> target)
    {
        // "O" gives seven decimals and a Z.
        Utf8Formatter.TryFormat(time, target, out int length, 'O');
        "00Z"u8.CopyTo(target[(length - 1)..]);
    }

    /// <summary>Writes a record; returns its length.</summary>
    public static int Write(
        Span<byte> target, ReadOnlySpan<byte> time, bool isError, bool isPartial, ReadOnlySpan<byte> text)
    {
        time.CopyTo(target);
        (isError ? " stderr "u8 : " stdout "u8).CopyTo(target[TimeLength..]);
        (isPartial ? "P "u8 : "F "u8).CopyTo(target[(TimeLength + 8)..]);
        text.CopyTo(target[(TimeLength + 10)..]);
        target[TimeLength + 10 + text.Length] = (byte)'\n';
        return Overhead + text.Length;
    }
}
