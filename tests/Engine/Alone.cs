using Xunit;

namespace Container.Engine.Tests;

/// <summary>Tests that measure: nothing runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
