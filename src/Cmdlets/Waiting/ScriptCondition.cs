using System.Management.Automation;
using Container.Cmdlets.Objects;
using Container.Engine;
using Container.Engine.Catalog;

namespace Container.Cmdlets.Waiting;

/// <summary>A script block, given the container, returns something true.</summary>
internal sealed class ScriptCondition(ScriptBlock script) : WaitCondition
{
    public override string Description => $"{{{script}}}";

    // Only the script knows.
    public override bool NeedsRunning => false;

    public override bool IsMet(ContainerEngine engine, ContainerRecord container, CancellationToken token)
    {
        List<PSVariable> variables = [new PSVariable("_", ContainerInfo.From(container))];
        return LanguagePrimitives.IsTrue(script.InvokeWithContext([], variables, ContainerInfo.From(container)));
    }
}
