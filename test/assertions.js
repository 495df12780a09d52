import { beforeEach, expect } from '@jest/globals';

// A test that reaches no assertion can't fail: it is none.
beforeEach(() => expect.hasAssertions());
