using Container.Native.Launch;
using Container.Native.Oci;

namespace Container.Native.Programs;

/// <summary>Where hooks run.</summary>
internal interface IHookProgram
{
    /// <summary>Runs a hook to its end.</summary>
    /// <param name="hook">What to run.</param>
    /// <param name="state">The container, which it reads on its standard input.</param>
    /// <exception cref="LaunchException">It cannot be run.</exception>
    ProgramResult Run(OciHook hook, OciState state);
}
