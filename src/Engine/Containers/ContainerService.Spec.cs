using Container.Engine.Catalog;
using Container.Engine.Configuration;
using Container.Engine.Containers.Specs;
using Container.Native.Oci;

namespace Container.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>What a container is run with, without the values of its secrets.</summary>
    internal OciSpec ReadSpec(string nameOrId)
    {
        ContainerDocument document = Document(nameOrId);
        OciSpec spec = ReadSpec(document);
        HashSet<string> hidden = [.. (document.Configuration.Secret ?? []).Select(ContainerSecret.Parse)
            .Where(secret => secret.IsVariable).Select(secret => secret.Target)];
        if (hidden.Count == 0 || spec.Process is not { } process) return spec;
        return spec with
        {
            Process = process with
            {
                Env = [.. (process.Env ?? []).Where(variable => !hidden.Contains(variable.Split('=')[0]))],
            },
        };
    }

    /// <summary>
    /// What a container of this configuration would be run with, as far as it can be said without making one: it has no
    /// files, ids, volumes without a name, secrets or control group of its own.
    /// </summary>
    internal OciSpec DescribeSpec(ContainerConfiguration configuration)
    {
        configuration = SpecEnvironment.ReadFiles(configuration);
        ContainerSource source = ContainerSource.Find(configuration, images);
        if (source.Spec is not null) return source.Spec;
        string name = configuration.Name ?? "container";
        configuration = configuration with
        {
            NoHostsFile = true,
            Hostname = configuration.Hostname ?? name,
            Secret = null,
            UserNamespace = configuration.UserNamespace
                ?? (configuration.UidMap is { Count: > 0 } ? null : NamespaceMode.Host),
            Mount = [.. (configuration.Mount ?? []).Select(mount => mount.Checked())
                .Where(mount => mount.Type != ContainerMountType.Volume || mount.Source is not null)],
        };
        configuration = SystemContainer.Complete(configuration, source.Defaults);
        OciSpec spec = SpecBuilder.Build(Input(name, name, configuration, source, range: null));
        return spec with { Linux = spec.Linux! with { CgroupsPath = null } };
    }
}
