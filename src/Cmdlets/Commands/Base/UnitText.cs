using System.Collections;
using System.Management.Automation.Language;
using System.Text;
using Container.Engine.State;

namespace Container.Cmdlets.Commands;

/// <summary>Unit files of systemd, as systemd.service(5) and systemd.exec(5) have them.</summary>
internal static class UnitText
{
    /// <summary>The command line of pwsh; where it is a tool of dotnet it has no program of its own.</summary>
    public static string[] Shell(string home)
    {
        string program = Path.Join(home, "pwsh");
        return File.Exists(program) ? [program] : [Environment.ProcessPath!, program + ".dll"];
    }

    public static string Write(
        string description, EnginePaths paths, string[] shell, string module, string start, string? stop)
    {
        StringBuilder text = new();
        text.Append("[Unit]\n");
        text.Append("Description=").Append(Plain(description)).Append('\n');
        text.Append("After=local-fs.target network.target\n");
        text.Append("RequiresMountsFor=").Append(Quoted(paths.StateRoot)).Append("\n\n");

        // The monitors that pwsh starts are processes of the unit, and outlive the command: nothing may kill them when
        // it ends.
        text.Append("[Service]\nType=oneshot\nRemainAfterExit=yes\nKillMode=process\n");
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (name.StartsWith("PSCONTAINER_", StringComparison.Ordinal))
                text.Append("Environment=").Append(Quoted($"{name}={variable.Value}")).Append('\n');
        }

        text.Append("ExecStart=").Append(Command(shell, module, start)).Append('\n');
        if (stop is not null) text.Append("ExecStop=").Append(Command(shell, module, stop)).Append('\n');
        string target = Environment.IsPrivilegedProcess ? "multi-user.target" : "default.target";
        return text.Append("\n[Install]\nWantedBy=").Append(target).Append('\n').ToString();
    }

    private static string Command(string[] shell, string module, string command)
    {
        string manifest = CodeGeneration.EscapeSingleQuotedStringContent(Path.Join(module, "Container.psd1"));
        string[] words =
        [
            .. shell, "-NoProfile", "-NonInteractive", "-Command",
            $"Import-Module '{manifest}'; {command}",
        ];
        return string.Join(' ', words.Select(word => Quoted(word.Replace("$", "$$", StringComparison.Ordinal))));
    }

    private static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    private static string Quoted(string text)
    {
        string plain = Plain(text).Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return plain.Any(char.IsWhiteSpace) || plain.AsSpan().IndexOfAny("'\";") >= 0 ? $"\"{plain}\"" : plain;
    }
}
