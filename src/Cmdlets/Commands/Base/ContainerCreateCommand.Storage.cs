using System.Collections;
using System.Management.Automation;
using Container.Cmdlets.Binding;
using Container.Cmdlets.Completion;
using Container.Engine.Configuration;

namespace Container.Cmdlets.Commands;

public abstract partial class ContainerCreateCommand
{
    /// <summary>Volumes, host directories and files, as [SOURCE:]TARGET[:OPTION,…].</summary>
    [Parameter]
    [MountTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public ContainerMount[]? Volume { get; set; }

    /// <summary>Mounts, as type=bind,source=…,target=…, hashtables or objects.</summary>
    [Parameter]
    [MountTransformation]
    public ContainerMount[]? Mount { get; set; }

    /// <summary>Temporary filesystems, as TARGET[:OPTION,…].</summary>
    [Parameter]
    [MountTransformation(Tmpfs = true)]
    public ContainerMount[]? Tmpfs { get; set; }

    /// <summary>Make the root filesystem read-only.</summary>
    [Parameter]
    public SwitchParameter ReadOnly { get; set; }

    /// <summary>Secrets, as NAME for /run/secrets/NAME, or NAME,type=env,target=VARIABLE.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretNameCompleter))]
    public string[]? Secret { get; set; }

    /// <summary>Host devices, as HOST[:INSIDE[:rwm]].</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Device { get; set; }

    /// <summary>Bytes of /dev/shm.</summary>
    [Parameter]
    [SizeTransformation]
    [ValidateLimit(1, long.MaxValue)]
    public long? ShmSize { get; set; }

    /// <summary>Options of the root filesystem's storage: size is the most that changes can take.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? StorageOption { get; set; }

    private ContainerConfiguration ConfigureStorage(ContainerConfiguration made)
    {
        ContainerMount[] mounts = [.. Volume ?? [], .. Mount ?? [], .. Tmpfs ?? []];
        return made with
        {
            Mount = mounts.Length > 0 ? mounts : made.Mount,
            ReadOnly = IsBound(nameof(ReadOnly)) ? ReadOnly : made.ReadOnly,
            Secret = Secret ?? made.Secret,
            Device = Device ?? made.Device,
            ShmSize = ShmSize ?? made.ShmSize,
            StorageOption = TextMap.From(StorageOption) ?? made.StorageOption,
        };
    }
}
