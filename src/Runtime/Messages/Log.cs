using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Container.Native.Json;
using Container.Native.Syscalls;

namespace Container.Runtime.Messages;

/// <summary>
/// Messages: errors go to standard error, where podman looks, and to the file of <c>--log</c>, where containerd and
/// docker do; warnings, and with --debug what is done, go to the file, or to standard error where there is none.
/// </summary>
internal sealed class Log
{
    private readonly string? path;
    private readonly bool json;

    /// <summary>Messages for the file <paramref name="path"/>, each a line of JSON or of text.</summary>
    public Log(string? path, bool json, bool debug = false)
    {
        this.path = path;
        this.json = json;
        HasDebug = debug;
    }

    /// <summary>Whether --debug was given.</summary>
    public bool HasDebug { get; }

    public void Error(string message)
    {
        Append("error", message);
        Output.WriteError("psrun: " + Printable(message));
    }

    public void Warn(string message)
    {
        if (path is null) Output.WriteError("psrun: warning: " + Printable(message));
        else Append("warning", message);
    }

    /// <summary>
    /// Says what is done, if anybody wants to know. Engines keep these lines: nothing goes in that may be a secret, as
    /// arguments, variables and the options of mounts may.
    /// </summary>
    public void Debug([InterpolatedStringHandlerArgument("")] ref DebugText text)
    {
        if (!HasDebug) return;
        string message = text.Take();
        if (path is null) Output.WriteError(Line("debug", message));
        else Append("debug", message);
    }

    private void Append(string level, string message)
    {
        if (path is null) return;
        byte[] line = Encoding.UTF8.GetBytes(Line(level, message) + "\n");
        try
        {
            using FileDescriptor file = FileCalls.Open(
                path, FileCalls.O_WRONLY | FileCalls.O_CREAT | FileCalls.O_APPEND | FileCalls.O_NOCTTY | FileCalls.O_NONBLOCK, 0x1A4);
            FileCalls.WriteAll(file.Number, line, path);
        }
        catch (SystemCallException failure)
        {
            Output.WriteError("psrun: " + failure.Message);
        }
    }

    private string Line(string level, string message)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return json
            ? Encoding.UTF8.GetString(JsonSink.Document(new LogLine(level, message, now), indented: false))
            : string.Create(
                CultureInfo.InvariantCulture,
                $"time=\"{now:yyyy-MM-dd'T'HH:mm:ss'Z'}\" level={level} msg=\"{Escape(message)}\"");
    }

    private static string Escape(string text) => Printable(text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal));

    /// <summary>
    /// One line that a terminal only shows: what we quote is from a bundle, and could be made to look like a line of
    /// ours.
    /// </summary>
    private static string Printable(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (char c in text)
        {
            if (c == '\n') line.Append("\\n");
            else if (char.IsControl(c)) line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else line.Append(c);
        }

        return line.ToString();
    }

    private sealed class LogLine(string level, string message, DateTimeOffset time) : IJsonWritable
    {
        void IJsonWritable.Write(JsonSink json)
        {
            json.Member("level"u8, level);
            json.Member("msg"u8, message);
            json.Member("time"u8, time);
        }
    }
}
