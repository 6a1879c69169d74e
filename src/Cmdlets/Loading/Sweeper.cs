using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.InteropServices;
using Container.Engine.Settings;
using Container.Native.Trust;

namespace Container.Cmdlets.Loading;

/// <summary>How a process that is no PowerShell removes what was to remove itself: it starts one that lists.</summary>
internal static class Sweeper
{
    /// <summary>The options of the engine of this module.</summary>
    public static EngineOptions Options { get; } = new() { Sweeper = Find() };

    private static string[]? Find()
    {
        string shell = Path.Join(Path.GetDirectoryName(typeof(PSObject).Assembly.Location), "pwsh");
        if (!File.Exists(shell)) return null;
        string manifest = Path.Join(Path.GetDirectoryName(typeof(Sweeper).Assembly.Location), "Container.psd1");

        // It runs later, and unattended: from where others may write, it is left to the next command.
        string[] parts = [shell, manifest, typeof(Sweeper).Assembly.Location, RuntimeEnvironment.GetRuntimeDirectory()];
        if (!Array.TrueForAll(parts, IsTrusted)) return null;
        string import = $"Import-Module '{CodeGeneration.EscapeSingleQuotedStringContent(manifest)}'";
        return [shell, "-NoProfile", "-NonInteractive", "-NoLogo", "-Command", $"{import}; [void](Get-Container)"];
    }

    private static bool IsTrusted(string path)
    {
        try
        {
            return TrustedPath.Exists(path);
        }
        catch (UntrustedPathException)
        {
            return false;
        }
    }
}
