using System.Globalization;
using Container.Engine.Errors;

namespace Container.Engine.Configuration;

/// <summary>A secret that a container gets: as a file, or as an environment variable.</summary>
/// <param name="Name">The secret's name.</param>
/// <param name="Target">The path of the file, or the name of the variable.</param>
/// <param name="IsVariable">Whether it is a variable.</param>
/// <param name="Uid">The file's owner inside.</param>
/// <param name="Gid">The file's group inside.</param>
/// <param name="Mode">The file's permissions.</param>
internal sealed record ContainerSecret(string Name, string Target, bool IsVariable, uint Uid, uint Gid, uint Mode)
{
    private const string Directory = "/run/secrets/";
    private const uint DefaultMode = 0x124;

    /// <summary>Reads <c>NAME[,type=env|mount][,target=…][,uid=…][,gid=…][,mode=…]</c>, as podman has it.</summary>
    public static ContainerSecret Parse(string text)
    {
        string[] fields = text.Split(',');
        string name = fields[0].StartsWith("source=", StringComparison.Ordinal) ? fields[0][7..] : fields[0];
        if (!ContainerName.IsWord(name)) throw Invalid(text);
        ContainerSecret secret = new(name, "", false, 0, 0, DefaultMode);
        foreach (string field in fields[1..])
        {
            string[] pair = field.Split('=', 2);
            if (pair.Length != 2) throw Invalid(text);
            secret = pair[0] switch
            {
                "type" when pair[1] is "env" or "mount" => secret with { IsVariable = pair[1] == "env" },
                "target" => secret with { Target = pair[1] },
                "uid" => secret with { Uid = Number(pair[1], 10, text) },
                "gid" => secret with { Gid = Number(pair[1], 10, text) },
                "mode" => secret with { Mode = Number(pair[1], 8, text) & 0x1FF },
                _ => throw Invalid(text),
            };
        }

        string target = secret.Target.Length > 0 ? secret.Target : name;
        if (secret.IsVariable) return secret with { Target = target };
        return secret with { Target = target.StartsWith('/') ? target : Directory + target };
    }

    private static uint Number(string value, int radix, string text)
    {
        try
        {
            return radix == 8
                ? Convert.ToUInt32(value, 8)
                : uint.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or ArgumentException)
        {
            throw Invalid(text);
        }
    }

    private static EngineException Invalid(string text) => new(
        ErrorId.InvalidConfiguration,
        $"'{text}' is no secret of a container.",
        "Use NAME, NAME,target=PATH,mode=0400,uid=1000 or NAME,type=env,target=VARIABLE.",
        text);
}
