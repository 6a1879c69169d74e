using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Container.Cmdlets.Loading;

/// <summary>
/// Finds the assembly that differs between processors: Tmds.LibC stands in bin/linux-x64 and bin/linux-arm64, beside
/// psrun. By itself PowerShell looks only beside the assembly that asks.
/// </summary>
public sealed class PlatformAssemblies : IModuleAssemblyInitializer
{
    private const string Name = "Tmds.LibC";

    // PowerShell calls it before it runs a cmdlet, once for every runspace that imports the module.
    public void OnImport()
    {
        Assembly own = typeof(PlatformAssemblies).Assembly;
        AssemblyLoadContext context = AssemblyLoadContext.GetLoadContext(own) ?? AssemblyLoadContext.Default;
        context.Resolving -= Resolve;
        context.Resolving += Resolve;
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name != Name) return null;
        string module = Path.GetDirectoryName(typeof(PlatformAssemblies).Assembly.Location) ?? "";
        string processor = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        string path = Path.Combine(module, "bin", $"linux-{processor}", $"{Name}.dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }
}
