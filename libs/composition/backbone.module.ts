import { Module, type DynamicModule } from '@nestjs/common';
import type { Backbone } from '#libs/application';

/** Injection token of the process's one `Backbone`. */
export const BACKBONE = Symbol('Backbone');

/** Gives every module of the process the same backbone. */
@Module({})
export class BackboneModule {
  static of(backbone: Backbone): DynamicModule {
    return {
      module: BackboneModule,
      global: true,
      providers: [{ provide: BACKBONE, useValue: backbone }],
      exports: [BACKBONE],
    };
  }
}
