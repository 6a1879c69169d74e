using Container.Runtime.Arguments;

namespace Container.Runtime.Commands;

/// <summary>One verb.</summary>
internal abstract class Command
{
    public abstract string Name { get; }

    /// <summary>What it does, in a line.</summary>
    public abstract string Summary { get; }

    /// <summary>What follows the options, for the usage text.</summary>
    public abstract string Operands { get; }

    public virtual Option[] Options => [];

    public virtual int LeastOperands => 1;

    public virtual int MostOperands => 1;

    /// <summary>After so many operands nothing is read as an option any more.</summary>
    public virtual int OperandsBeforeEnd => int.MaxValue;

    /// <summary>The exit code of a failure of ours, as distinct from the exit code of what was run.</summary>
    public virtual int FailureCode => 1;

    /// <summary>Does it; returns the exit code.</summary>
    public abstract int Run(GlobalOptions global, ParsedArguments arguments);
}
