using System.Globalization;
using System.Net;
using System.Text;
using Container.Engine.Configuration;
using Container.Engine.Errors;
using Container.Engine.Store;
using Container.Native.Oci;

namespace Container.Engine.Containers.Specs;

/// <summary>/etc/hostname, /etc/hosts and /etc/resolv.conf: made in the container's directory, bound into it.
/// They belong to its root, who may write them: they are nobody else's.</summary>
internal static class SpecHostFiles
{
    /// <summary>Where in the container's directory they are: what the container may take on the disk holds for them, too.</summary>
    public const string Directory = "etc";

    private const int MaximumResolver = 64 * 1024;

    /// <summary>The host name inside; the host's own where that namespace is shared.</summary>
    public static string HostName(SpecInput input)
    {
        if (input.Configuration.UtsNamespace is { Kind: NamespaceKind.Host }) return Environment.MachineName;
        bool styled = input.Configuration.NameStyle != ContainerNameStyle.Default;
        string name = input.Configuration.Hostname ?? (styled ? input.Name : input.Id[..12]);

        // HOST_NAME_MAX of the kernel, and no character that could end a line of /etc/hosts.
        return name.Length is > 0 and <= 64
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            ? name
            : throw EngineException.Invalid($"'{name}' is no host name.", name);
    }

    public static IEnumerable<OciMount> Mounts(SpecInput input)
    {
        foreach (string name in new[] { "hostname", "hosts", "resolv.conf" })
        {
            yield return Mount(input, name, $"/etc/{name}");
        }
    }

    /// <summary>One of the files, bound into the container.</summary>
    public static OciMount Mount(SpecInput input, string name, string target) => SpecMounts.Mount(
        target, "bind", Path.Join(input.Directory, Directory, name),
        "bind", "rprivate", "nosuid", "nodev", "noexec", input.Configuration.ReadOnly ? "ro" : "rw");

    /// <summary>The files' names in that directory and contents.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Files(SpecInput input)
    {
        if (input.Configuration.NoHostsFile) yield break;
        yield return ("hostname", Encoding.UTF8.GetBytes(HostName(input) + "\n"));
        yield return ("hosts", Encoding.UTF8.GetBytes(Hosts(input)));
        yield return ("resolv.conf", Encoding.UTF8.GetBytes(Resolver(input.Configuration)));
        foreach ((string name, string content) in SystemContainer.Files(input))
        {
            yield return (name, Encoding.UTF8.GetBytes(content));
        }
    }

    private static string Hosts(SpecInput input)
    {
        string name = HostName(input);
        StringBuilder text = new();
        text.Append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
        text.Append(CultureInfo.InvariantCulture, $"127.0.1.1\t{name}");
        if (input.Name != name) text.Append(CultureInfo.InvariantCulture, $" {input.Name}");
        text.Append('\n');
        foreach (string entry in input.Configuration.AddHost ?? [])
        {
            int colon = entry.IndexOf(':', StringComparison.Ordinal);
            string host = colon > 0 ? entry[..colon] : "";
            if (host.Length == 0 || host.Any(char.IsWhiteSpace)
                || !IPAddress.TryParse(entry[(colon + 1)..], out IPAddress? address))
                throw EngineException.Invalid($"'{entry}' is no entry for /etc/hosts: use NAME:ADDRESS.", entry);
            text.Append(CultureInfo.InvariantCulture, $"{address}\t{host}\n");
        }

        return text.ToString();
    }

    private static string Resolver(ContainerConfiguration configuration)
    {
        StringBuilder text = new();
        string? host = ReadHost();
        if (configuration.DnsServer is { Count: > 0 } servers)
        {
            foreach (string server in servers)
            {
                if (!IPAddress.TryParse(server, out _))
                    throw EngineException.Invalid($"'{server}' is no address of a name server.", server);
                text.Append(CultureInfo.InvariantCulture, $"nameserver {server}\n");
            }
        }
        else
        {
            text.Append(Lines(host, "nameserver"));
        }

        text.Append(Words("search", configuration.DnsSearch) ?? Lines(host, "search"));
        text.Append(Words("options", configuration.DnsOption) ?? Lines(host, "options"));
        return text.ToString();
    }

    private static string? Words(string keyword, IReadOnlyList<string>? words)
    {
        if (words is not { Count: > 0 }) return null;
        foreach (string word in words)
        {
            if (word.Length == 0 || word.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
                throw EngineException.Invalid($"'{word}' cannot stand in /etc/resolv.conf.", word);
        }

        return $"{keyword} {string.Join(' ', words)}\n";
    }

    private static string Lines(string? text, string keyword) => string.Concat(
        (text ?? "").Split('\n').Where(line => line.StartsWith(keyword + " ", StringComparison.Ordinal))
            .Select(line => line + "\n"));

    private static string? ReadHost()
    {
        const string path = "/etc/resolv.conf";
        return File.Exists(path) ? BoundedFile.ReadText(path, MaximumResolver) : null;
    }
}
